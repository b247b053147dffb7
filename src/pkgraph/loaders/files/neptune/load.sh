#!/bin/sh
# Put data/ into a bucket of S3 and have Amazon Neptune load it from there. The role has to let
# Neptune read the bucket, which is in the region of the cluster and reached by an S3 endpoint of its
# VPC. The default graph is the union of the named graphs by itself, each triple once.
#
#   BUCKET=s3://name/pkgraph ROLE=arn:aws:iam::… REGION=eu-west-1 \
#       NEPTUNE=https://….neptune.amazonaws.com:8182 ./load.sh
#
# A cluster that asks for signed requests (IAM) takes `aws neptunedata start-loader-job` in place of
# the first curl, with the same values.
set -eu
cd "$(dirname "$0")"
: "${BUCKET:?name the place in S3 in BUCKET}" "${ROLE:?name the role that Neptune takes in ROLE}"
: "${REGION:?name the region in REGION}" "${NEPTUNE:?give the address of the cluster in NEPTUNE}"

aws s3 sync --only-show-errors data "$BUCKET"
started=$(curl --fail --silent --show-error --header 'Content-Type: application/json' \
    --data @- "$NEPTUNE/loader" <<REQUEST
{
  "source": "$BUCKET",
  "format": "nquads",
  "iamRoleArn": "$ROLE",
  "region": "$REGION",
  "mode": "AUTO",
  "failOnError": "TRUE",
  "parallelism": "HIGH",
  "queueRequest": "TRUE"
}
REQUEST
)
echo "$started"
load=$(echo "$started" | sed -n 's/.*"loadId" *: *"\([^"]*\)".*/\1/p')
echo "how far it is: curl '$NEPTUNE/loader/$load?details=true&errors=true'"
