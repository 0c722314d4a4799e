# --- checks of the whole tree -----------------------------------------------------------------------------------------------------
find_yaml() {  # the values files that are no templates
  local folder
  for folder in "$TOP/$VALUES" "$TOP/$ENVIRONMENTS"; do
    if [[ -d $folder ]]; then find "$folder" -type f \( -name '*.yaml' -o -name '*.yml' \) -print0; fi
  done >"$TEMP/yaml"
  mapfile -d '' -t YAML <"$TEMP/yaml"
}

check_yaml() {  # helm itself reads the files as values
  local file args=() bad=0
  mkdir -- "$TEMP/probe" && printf 'apiVersion: v2\nname: probe\nversion: 0.0.1\n' >"$TEMP/probe/Chart.yaml"
  for file in "${YAML[@]}"; do args+=(--values "$file"); done
  if ! helm template probe "$TEMP/probe" "${args[@]}" >"$TEMP/log" 2>&1; then
    for file in "${YAML[@]}"; do
      if helm template probe "$TEMP/probe" --values "$file" >"$TEMP/log" 2>&1; then continue; fi
      bad=$((bad + 1)) && result FAIL "YAML of ${file#"$TOP"/}" 'helm reads no values from it' && quote "$TEMP/log"
    done
  fi
  if ((bad == 0)); then result pass "YAML of ${#YAML[@]} values files"; fi
}

check_yamllint() {
  local config=(-d relaxed) name
  if ! command -v yamllint >/dev/null; then result skipped yamllint 'not installed' && return; fi
  for name in .yamllint .yamllint.yaml .yamllint.yml; do if [[ -f $TOP/$name ]]; then config=(-c "$TOP/$name"); fi; done
  if ((${#YAML[@]} == 0)) || yamllint "${config[@]}" "${YAML[@]}" >"$TEMP/log" 2>&1; then
    result pass "yamllint of ${#YAML[@]} values files"
  else
    judged yamllint "$(grep -c ' error ' "$TEMP/log" || true) errors" && quote "$TEMP/log"
  fi
}

check_lock() {
  local script="$TOP/$SCRIPTS/sync-charts.sh"
  if [[ ! -f $script ]] || ! sed -n 2p -- "$script" | grep -q '^# Written by migrate'; then
    result skipped "charts against $LOCK" "$SCRIPTS/sync-charts.sh is not the one that migrate writes"
  elif bash "$script" --check >"$TEMP/log" 2>&1; then
    result pass "charts against $LOCK"
  else
    result FAIL "charts against $LOCK" && quote "$TEMP/log" 20
  fi
}

# --- checks of one environment ----------------------------------------------------------------------------------------------------
releases() {  # `helmfile list` as lines: name, namespace, whether it is deployed, chart
  tr '}' '\n' <"$1" | awk '
    function text(key) { return match($0, "\"" key "\":\"[^\"]*\"") ? substr($0, RSTART + length(key) + 4, RLENGTH - length(key) - 5) : "" }
    /"name":/ { print text("name") "\037" text("namespace") "\037" (/"enabled":true/ && /"installed":true/) "\037" text("chart") }'
}

check_environment() {
  local env=$1
  if ! run_helmfile list --output json --skip-charts >"$TEMP/list" 2>"$TEMP/log"; then
    result FAIL "$env: loads" "known environments: $(environments | tr '\n' ' ')" && quote "$TEMP/log"
    return
  fi
  releases "$TEMP/list" >"$TEMP/releases"
  result pass "$env: loads" "$(wc -l <"$TEMP/releases" | tr -d ' ') releases"
  check_local
  if run_helmfile show-dag >"$TEMP/dag" 2>"$TEMP/log"; then result pass "$env: needs"; else result FAIL "$env: needs" && quote "$TEMP/log"; fi
  check_template
  check_lint
}

check_local() {
  local name namespace chart remote=''
  while IFS=$'\037' read -r name namespace _ chart; do
    if [[ ! -d $TOP/$HELMFILE/$chart && ! -f $TOP/$HELMFILE/$chart ]]; then remote+="$name ($chart) "; fi
  done <"$TEMP/releases"
  if [[ -z $remote ]]; then result pass "$env: charts are local"; else result FAIL "$env: charts are not local" "$remote"; fi
}

check_template() {
  local objects
  if ! run_helmfile template --skip-deps >"$TEMP/rendered" 2>"$TEMP/log"; then
    result FAIL "$env: template" && quote "$TEMP/log"
    return
  fi
  objects=$(grep -c '^kind:' "$TEMP/rendered" || true)
  if ((objects)); then result pass "$env: template" "$objects objects"; else result FAIL "$env: template" 'nothing is rendered'; fi
  check_schemas
}

check_schemas() {  # KUBECONFORM_OPTIONS can name a schema location for machines without a network
  local options=()
  if ! command -v kubeconform >/dev/null; then result skipped "$env: kubeconform" 'not installed' && return; fi
  read -r -a options <<<"${KUBECONFORM_OPTIONS:-}"
  if kubeconform -ignore-missing-schemas -summary "${options[@]}" "$TEMP/rendered" >"$TEMP/log" 2>&1; then
    result pass "$env: kubeconform"
  else
    result FAIL "$env: kubeconform" && quote "$TEMP/log"
  fi
}

check_lint() {  # each release with its own values; what is wrong in a chart from elsewhere is that project's to mend
  local name namespace deployed chart labels
  while IFS=$'\037' read -r name namespace deployed chart <&3; do
    if ((!deployed)); then continue; fi
    labels="name=$name${namespace:+,namespace=$namespace}"
    if run_helmfile --selector "$labels" lint --skip-deps >"$TEMP/lint" 2>"$TEMP/log"; then
      result pass "$env: lint of $name"
    elif [[ ${chart#./} == "${EXTERNAL#"$HELMFILE"/}"/* ]]; then
      result warn "$env: lint of $name" "upstream's chart $chart" && quote_lint
    else
      judged "$env: lint of $name" "$chart" && quote_lint
    fi
  done 3<"$TEMP/releases"
}
quote_lint() {
  grep -h '^\[ERROR\]' "$TEMP/lint" >"$TEMP/errors" || cp -- "$TEMP/log" "$TEMP/errors"
  quote "$TEMP/errors"
}
