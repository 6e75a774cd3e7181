# For pod/custom/settings_local.py of {{node}} ({{queue}}). Written by `bbb2pod cluster render`.
{{broker}}
# Final https address: a redirect would turn the result's POST into a GET, and the video would never appear.
POD_API_URL = {{podUrl}}
# Token of a staff user.
POD_API_TOKEN = {{podToken}}
MEDIA_ROOT = {{mediaRoot}}
{{more}}
