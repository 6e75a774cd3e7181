# For pod/custom/settings_local.py of the backend. Written by `bbb2pod cluster render`.
USE_REMOTE_ENCODING_TRANSCODING = True
ENCODING_TRANSCODING_CELERY_BROKER_URL = {{broker}}
POD_API_URL = {{podUrl}}
POD_API_TOKEN = {{podToken}}
{{transcription}}
{{xapi}}
