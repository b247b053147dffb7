"""Write the site as files that any host serves."""
