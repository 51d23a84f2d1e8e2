{# A ratio lies between 0 and 1; null means that there was nothing to divide by. #}
{% test is_ratio(model, column_name) %}

select {{ column_name }}
from {{ model }}
where {{ column_name }} < 0 or {{ column_name }} > 1

{% endtest %}
