from django.urls import path

from shiming.attachments.console import files, panel, uploads

urlpatterns = [
    path("attachments/for/<slug:holder>/<uuid:pk>/", panel.panel, name="attachment-panel"),
    path("attachments/for/<slug:holder>/<uuid:pk>/removals/", panel.removals, name="attachment-removals"),
    path("attachments/for/<slug:holder>/<uuid:pk>/restorations/", panel.restorations, name="attachment-restorations"),
    path("attachments/files/<uuid:pk>/", files.file, name="attachment-file"),
    path("attachments/files/<uuid:pk>/opening/", files.opening, name="attachment-opening"),
    path("uploads/", uploads.uploads, name="uploads"),
    path("uploads/<uuid:pk>/", uploads.upload, name="upload"),
]
