{{/* All that the roles share. A role's templates are given {root, role, values}. */}}

{{- define "gantry.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "gantry.selector" -}}
app.kubernetes.io/name: gantry
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "gantry.labels" -}}
{{ include "gantry.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "gantry.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{/* Each role has its own, so that none gets another's rights. */}}
{{- define "gantry.serviceAccount" -}}
{{- if .values.serviceAccount.create -}}
{{- .values.serviceAccount.name | default (printf "%s-%s" (include "gantry.fullname" .root) .role) -}}
{{- else -}}
{{- .values.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{- define "gantry.secret" -}}
{{- .Values.existingSecret | default (include "gantry.fullname" .) -}}
{{- end -}}

{{/* A variable with what a key of the Secret holds: given {root, variable, key}. The keys of the chart's
     own Secret are fixed, so that secretKeys speaks of existingSecret only. */}}
{{- define "gantry.fromSecret" -}}
- name: {{ .variable }}
  valueFrom:
    secretKeyRef:
      name: {{ include "gantry.secret" .root }}
      key: {{ include "gantry.secretKey" . }}
{{- end -}}

{{- define "gantry.secretKey" -}}
{{- if .root.Values.existingSecret -}}
{{- get .root.Values.secretKeys .key -}}
{{- else -}}
{{- .key | kebabcase -}}
{{- end -}}
{{- end -}}

{{- define "gantry.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "gantry.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- define "gantry.env" -}}
- name: GANTRY_ROLES
  value: {{ .role }}
{{- if eq .role "runner" }}
{{ include "gantry.runnerEnv" . }}
{{- else }}
{{ include "gantry.fromSecret" (dict "root" .root "variable" "GANTRY_DATABASE_USERNAME" "key" "databaseUsername") }}
{{ include "gantry.fromSecret" (dict "root" .root "variable" "GANTRY_DATABASE_PASSWORD" "key" "databasePassword") }}
{{- end }}
{{- if .root.Values.kafka.sasl.mechanism }}
{{ include "gantry.fromSecret" (dict "root" .root "variable" "GANTRY_KAFKA_SASL_USERNAME" "key" "kafkaUsername") }}
{{ include "gantry.fromSecret" (dict "root" .root "variable" "GANTRY_KAFKA_SASL_PASSWORD" "key" "kafkaPassword") }}
{{- end }}
{{- if and (ne .role "runner") .root.Values.secrets.existingSecret }}
- name: GANTRY_SECRETS_KEY_FILE
  value: /etc/gantry/secrets/secrets.key
{{- end }}
{{- if and (ne .role "runner") (include "gantry.models" .root) }}
- name: GANTRY_MODELS_FILE
  value: /etc/gantry/models/models.yaml
{{- end }}
{{- if eq .role "api" }}
{{ include "gantry.fromSecret" (dict "root" .root "variable" "GANTRY_ADMIN_API_KEY" "key" "adminApiKey") }}
{{- if .root.Values.runner.enabled }}
{{ include "gantry.fromSecret" (dict "root" .root "variable" "GANTRY_RUNNER_TOKEN" "key" "runnerToken") }}
{{- end }}
- name: QUARKUS_SHUTDOWN_TIMEOUT
  value: {{ printf "%ds" (int .values.shutdownTimeoutSeconds) }}
{{- end }}
{{- with .values.javaOpts }}
- name: JAVA_OPTS
  value: {{ . | quote }}
{{- end }}
{{- with .values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "gantry.runnerEnv" -}}
- name: GANTRY_RUNNER_NAME
  value: {{ .values.name | quote }}
- name: GANTRY_RUNNER_BACKEND
  value: kubernetes
- name: GANTRY_RUNNER_API_URL
  value: http://{{ include "gantry.fullname" .root }}-api:{{ .root.Values.service.port }}
{{- range $name, $value := dict "NAMESPACE" (include "gantry.jobNamespace" .root) "SECURITY" .values.jobs.security }}
- name: GANTRY_RUNNER_KUBERNETES_{{ $name }}
  value: {{ $value }}
{{- end }}
{{ include "gantry.fromSecret" (dict "root" .root "variable" "GANTRY_RUNNER_TOKEN" "key" "runnerToken") }}
{{- range $name, $value := .values.settings }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end -}}

{{/* The volume's source with the file of models; nothing when there is none. */}}
{{- define "gantry.models" -}}
{{- with .Values.models -}}
{{- if .existingSecret -}}
secret:
  secretName: {{ .existingSecret }}
  defaultMode: 0440
  {{- include "gantry.modelsItem" . | nindent 2 }}
{{- else if .existingConfigMap -}}
configMap:
  name: {{ .existingConfigMap }}
  {{- include "gantry.modelsItem" . | nindent 2 }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "gantry.modelsItem" -}}
items:
  - key: {{ .key }}
    path: models.yaml
{{- end -}}

{{- define "gantry.jobNamespace" -}}
{{- .Values.runner.jobs.namespace | default .Release.Namespace -}}
{{- end -}}

{{- define "gantry.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "gantry.fullname" .root }}-{{ .role }}
  labels:
    {{- include "gantry.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .role }}
spec:
  {{- if not .values.autoscaling.enabled }}
  replicas: {{ .values.replicas }}
  {{- end }}
  selector:
    matchLabels:
      {{- include "gantry.selector" .root | nindent 6 }}
      app.kubernetes.io/component: {{ .role }}
  strategy:
    rollingUpdate:
      maxSurge: 1
      maxUnavailable: 0
  template:
    metadata:
      labels:
        {{- include "gantry.labels" .root | nindent 8 }}
        app.kubernetes.io/component: {{ .role }}
      annotations:
        # A changed setting rolls the pods; what is in existingSecret is not seen from here.
        checksum/kafka: {{ include (print .root.Template.BasePath "/kafka.yaml") .root | sha256sum }}
        {{- if ne .role "runner" }}
        checksum/config: {{ include (print .root.Template.BasePath "/configmap.yaml") .root | sha256sum }}
        {{- end }}
        checksum/secret: {{ include (print .root.Template.BasePath "/secret.yaml") .root | sha256sum }}
        {{- with .values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ include "gantry.serviceAccount" . }}
      # Only a runner talks to Kubernetes.
      automountServiceAccountToken: {{ eq .role "runner" }}
      # Else a Service called "kafka" would hand the pod KAFKA_... variables, which are settings.
      enableServiceLinks: false
      terminationGracePeriodSeconds: {{ ternary (add 25 (int .values.shutdownTimeoutSeconds)) 30 (eq .role "api") }}
      {{- with .root.Values.image.pullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .values.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      securityContext:
        {{- include "gantry.podSecurity" .root | nindent 8 }}
      topologySpreadConstraints:
        {{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
        - topologyKey: {{ . }}
          maxSkew: 1
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "gantry.selector" $.root | nindent 14 }}
              app.kubernetes.io/component: {{ $.role }}
        {{- end }}
      containers:
        - name: gantry
          image: {{ include "gantry.image" .root }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          ports:
            - name: http
              containerPort: 8080
          envFrom:
            - configMapRef:
                name: {{ include "gantry.fullname" .root }}-kafka
            {{- if ne .role "runner" }}
            - configMapRef:
                name: {{ include "gantry.fullname" .root }}
            {{- end }}
          env:
            {{- include "gantry.env" . | nindent 12 }}
          # Waits for Kafka up to a minute{{ if ne .role "runner" }}, and for the migration of the database{{ end }}.
          startupProbe:
            httpGet:
              path: /q/health/started
              port: http
            periodSeconds: 2
            timeoutSeconds: 5
            failureThreshold: 150
          # Does not ask for PostgreSQL: an outage there restarts nobody.
          livenessProbe:
            httpGet:
              path: /q/health/live
              port: http
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            httpGet:
              path: /q/health/ready
              port: http
            periodSeconds: 5
            timeoutSeconds: 5
            failureThreshold: 3
          {{- if eq .role "api" }}
          # Until every proxy has heard that this pod gets no more calls.
          lifecycle:
            preStop:
              exec:
                command: [sleep, "5"]
          {{- end }}
          {{- with .values.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          securityContext:
            {{- include "gantry.containerSecurity" .root | nindent 12 }}
          volumeMounts:
            - name: tmp
              mountPath: /tmp
            {{- if .root.Values.kafka.tls.caConfigMap }}
            - name: kafka-ca
              mountPath: /etc/gantry/kafka
              readOnly: true
            {{- end }}
            {{- if and (ne .role "runner") .root.Values.database.tls.enabled }}
            - name: database-ca
              mountPath: /etc/gantry/database
              readOnly: true
            {{- end }}
            {{- if and (ne .role "runner") .root.Values.secrets.existingSecret }}
            - name: secrets
              mountPath: /etc/gantry/secrets
              readOnly: true
            {{- end }}
            {{- if and (ne .role "runner") (include "gantry.models" .root) }}
            - name: models
              mountPath: /etc/gantry/models
              readOnly: true
            {{- end }}
      volumes:
        - name: tmp
          emptyDir:
            sizeLimit: {{ .root.Values.tmpSizeLimit }}
        {{- if .root.Values.kafka.tls.caConfigMap }}
        - name: kafka-ca
          configMap:
            name: {{ .root.Values.kafka.tls.caConfigMap }}
            items:
              - key: {{ .root.Values.kafka.tls.caKey }}
                path: ca.crt
        {{- end }}
        {{- if and (ne .role "runner") .root.Values.database.tls.enabled }}
        - name: database-ca
          configMap:
            name: {{ .root.Values.database.tls.caConfigMap }}
            items:
              - key: {{ .root.Values.database.tls.caKey }}
                path: ca.crt
        {{- end }}
        {{- if and (ne .role "runner") .root.Values.secrets.existingSecret }}
        - name: secrets
          secret:
            secretName: {{ .root.Values.secrets.existingSecret }}
            defaultMode: 0440
            items:
              - key: {{ .root.Values.secrets.key }}
                path: secrets.key
        {{- end }}
        {{- if and (ne .role "runner") (include "gantry.models" .root) }}
        - name: models
          {{- include "gantry.models" .root | nindent 10 }}
        {{- end }}
      {{- with .values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .values.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .values.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
{{- end -}}

{{- define "gantry.scaling" -}}
{{- if .values.podDisruptionBudget.enabled }}
---
# maxUnavailable, so that one replica never blocks a node's drain.
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "gantry.fullname" .root }}-{{ .role }}
  labels:
    {{- include "gantry.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .role }}
spec:
  maxUnavailable: {{ .values.podDisruptionBudget.maxUnavailable }}
  selector:
    matchLabels:
      {{- include "gantry.selector" .root | nindent 6 }}
      app.kubernetes.io/component: {{ .role }}
{{- end }}
{{- if .values.autoscaling.enabled }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "gantry.fullname" .root }}-{{ .role }}
  labels:
    {{- include "gantry.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .role }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "gantry.fullname" .root }}-{{ .role }}
  minReplicas: {{ .values.autoscaling.minReplicas }}
  maxReplicas: {{ .values.autoscaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ .values.autoscaling.targetCPUUtilizationPercentage }}
{{- end }}
{{- end -}}
