{{- define "runner.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "runner.selector" -}}
app.kubernetes.io/name: gantry
app.kubernetes.io/instance: {{ include "runner.fullname" . }}
{{- end -}}

{{- define "runner.labels" -}}
{{ include "runner.selector" . }}
app.kubernetes.io/component: runner
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "runner.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{- define "runner.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- .Values.serviceAccount.name | default (include "runner.fullname" .) -}}
{{- else -}}
{{- .Values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{- define "runner.jobNamespace" -}}
{{- .Values.jobs.namespace | default .Release.Namespace -}}
{{- end -}}

{{/* A variable with what a key of the Secret holds: given {root, variable, key}. */}}
{{- define "runner.fromSecret" -}}
- name: {{ .variable }}
  valueFrom:
    secretKeyRef:
      name: {{ .root.Values.existingSecret | default (include "runner.fullname" .root) }}
      key: {{ get .root.Values.secretKeys .key }}
{{- end -}}

{{- define "runner.env" -}}
- name: GANTRY_ROLES
  value: runner
- name: GANTRY_RUNNER_NAME
  value: {{ .Values.name | quote }}
- name: GANTRY_RUNNER_BACKEND
  value: kubernetes
- name: GANTRY_RUNNER_API_URL
  value: {{ .Values.apiUrl | quote }}
- name: GANTRY_KAFKA_BOOTSTRAP_SERVERS
  value: {{ .Values.kafka.bootstrapServers | quote }}
- name: GANTRY_KAFKA_TOPIC_PREFIX
  value: {{ .Values.kafka.topicPrefix | quote }}
{{- $sasl := .Values.kafka.sasl.mechanism }}
- name: GANTRY_KAFKA_SECURITY_PROTOCOL
  value: {{ printf "%s%s" (ternary "SASL_" "" (ne $sasl "")) (ternary "SSL" "PLAINTEXT" .Values.kafka.tls.enabled) }}
{{- with $sasl }}
- name: GANTRY_KAFKA_SASL_MECHANISM
  value: {{ . }}
{{- end }}
{{- if .Values.kafka.tls.caConfigMap }}
- name: GANTRY_KAFKA_SSL_TRUSTSTORE_LOCATION
  value: /etc/gantry/kafka/ca.crt
{{- end }}
{{- range $name, $value := dict "NAMESPACE" (include "runner.jobNamespace" .) "SECURITY" .Values.jobs.security }}
- name: GANTRY_RUNNER_KUBERNETES_{{ $name }}
  value: {{ $value }}
{{- end }}
{{ include "runner.fromSecret" (dict "root" . "variable" "GANTRY_RUNNER_TOKEN" "key" "token") }}
{{- if $sasl }}
{{ include "runner.fromSecret" (dict "root" . "variable" "GANTRY_KAFKA_SASL_USERNAME" "key" "kafkaUsername") }}
{{ include "runner.fromSecret" (dict "root" . "variable" "GANTRY_KAFKA_SASL_PASSWORD" "key" "kafkaPassword") }}
{{- end }}
{{- range $name, $value := .Values.settings }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- with .Values.javaOpts }}
- name: JAVA_OPTS
  value: {{ . | quote }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}
