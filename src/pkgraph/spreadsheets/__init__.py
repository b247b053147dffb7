"""
Enter things in a spreadsheet: write a template from the shapes, and read it when it is filled.

A template has a sheet for each class and a column for each property, as the closed shapes list
them. A filled one becomes a :class:`pkgraph.intake.Source` whose statements know their cells.
"""

from __future__ import annotations

from pkgraph.spreadsheets.answers import answer
from pkgraph.spreadsheets.columns import Kind, kinds
from pkgraph.spreadsheets.reading import read
from pkgraph.spreadsheets.template import csv, workbook

__all__ = ["Kind", "answer", "csv", "kinds", "read", "workbook"]
