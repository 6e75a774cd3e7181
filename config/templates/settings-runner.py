# For pod/custom/settings_local.py of the backend (Pod 4.2 and later). Written by `bbb2pod cluster render`.
USE_RUNNER_MANAGER = True
RM_TASKS_DELETED_AFTER_DAYS = 60
# The webhook's address is written with https only so; the manager follows no redirect.
SECURE_SSL_REDIRECT = {{secure}}
ENCODE_VIDEO = "start_encode"
# Runners download by public HTTP: nginx must be able to read what Pod stores.
FILE_UPLOAD_PERMISSIONS = 0o644
