{# Standard normal deviate that an upper tail probability of at most one half belongs to;
   Abramowitz and Stegun 26.2.23, error below 0.00045. #}
{% macro upper_tail_deviate(probability) -%}
    {%- set t = 'sqrt(-2 * ln(greatest(' ~ probability ~ ', 1e-300)))' -%}
    ({{ t }}
        - (2.515517 + 0.802853 * {{ t }} + 0.010328 * pow({{ t }}, 2))
        / (1 + 1.432788 * {{ t }} + 0.189269 * pow({{ t }}, 2) + 0.001308 * pow({{ t }}, 3)))
{%- endmacro %}

{# Two-sided 95 % quantile of Student's t by the Cornish-Fisher expansion; its error is
   below 0.001 from five degrees of freedom on. Null below one. #}
{% macro t_quantile(degrees) -%}
    case
        when {{ degrees }} >= 1
            then 1.959964
                + 2.372271 / {{ degrees }}
                + 2.822500 / pow({{ degrees }}, 2)
                + 2.555850 / pow({{ degrees }}, 3)
                + 1.589530 / pow({{ degrees }}, 4)
    end
{%- endmacro %}

{# End of Wilson's 95 % interval of a part of whole cases; `sign` is '-' for the lower end and
   '+' for the upper. The denominator is above zero. #}
{% macro wilson_bound(numerator, denominator, sign) -%}
    round(least(greatest(
        (
            {{ numerator }} + 1.920729
            {{ sign }} 1.959964 * sqrt(
                {{ numerator }} * ({{ denominator }} - {{ numerator }}) / cast({{ denominator }} as double) + 0.960365
            )
        ) / ({{ denominator }} + 3.841459), 0
    ), 1), 6)
{%- endmacro %}
