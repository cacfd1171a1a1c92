{{- define "postern.name" -}}
{{- $both := printf "%s-%s" .Release.Name .Chart.Name -}}
{{ ternary .Release.Name $both (contains .Chart.Name .Release.Name) | trunc 50 | trimSuffix "-" }}
{{- end }}

{{- define "postern.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "postern.labels" -}}
{{ include "postern.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "postern.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ with .Values.image.digest }}@{{ . }}{{ end }}
{{- end }}

{{/* The settings of the chart over those of the values: ports, TLS and paths are the chart's. */}}
{{- define "postern.config" -}}
{{- $own := dict
  "quarkus" (dict
    "http" (dict "host" "0.0.0.0" "insecure-requests" "disabled" "ssl-port" 8443 "tls-configuration-name" "postern")
    "management" (dict "host" "0.0.0.0" "port" 9000)
    "tls" (dict "postern" (dict "reload-period" "1h" "key-store" (dict "pem" (dict "0" (dict "cert" "/etc/postern/tls/tls.crt" "key" "/etc/postern/tls/tls.key")))))
    "shutdown" (dict "delay" (printf "%ds" (int .Values.shutdown.delay)) "timeout" (printf "%ds" (int .Values.shutdown.timeout))))
  "postern" (dict
    "policy" "/etc/postern/policy.d"
    "data" "/var/lib/postern"
    "token" (dict "key" "/etc/postern/signing/tls.key" "certificate" "/etc/postern/signing/tls.crt")) -}}
{{- if .Values.redis.hosts }}{{ $_ := set $own.postern "redis" (dict "hosts" .Values.redis.hosts) }}{{ end -}}
{{ mergeOverwrite (deepCopy .Values.config) $own | toYaml }}
{{- end }}
