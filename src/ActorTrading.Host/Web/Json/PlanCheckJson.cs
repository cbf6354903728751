using System.Text.Json;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Signals;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Web.Json;

/// <summary>Why a plan cannot be put in force now: a machine-readable code and a text.</summary>
internal sealed record PlanObstacle(string Code, string Detail);

/// <summary>Writes the properties of a valid plan as members of an object.</summary>
internal static class PlanCheckJson
{
    private const int MaxOverrides = 100;

    /// <summary>Writes the properties.</summary>
    /// <param name="present">The plan in force.</param>
    public static void Write(Utf8JsonWriter json, Plan plan, Plan present, IReadOnlyList<PlanObstacle> obstacles)
    {
        json.WriteString("hash", plan.Hash.ToString());
        json.WriteString("present", present.Hash.ToString());
        json.WriteBoolean("in_force", plan.Hash == present.Hash);
        json.WriteBoolean("can_be_put", obstacles.Count == 0);
        json.WriteStartArray("obstacles");
        foreach (var obstacle in obstacles)
        {
            json.WriteStartObject();
            json.WriteString("code", obstacle.Code);
            json.WriteString("detail", obstacle.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Write(json, plan.Settings);
        var own = plan.Overrides.OrderBy(pair => pair.Key).ToList();
        json.WriteStartArray("symbols");
        foreach (var (symbol, settings) in own.Take(MaxOverrides))
        {
            json.WriteStartObject();
            json.WriteString("symbol", symbol.Name);
            Write(json, settings);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("symbols_omitted", Math.Max(0, own.Count - MaxOverrides));
    }

    private static void Write(Utf8JsonWriter json, PlanSettings settings)
    {
        json.WriteNumber("bytes_per_symbol", PlanMemory.BytesPerSymbol(settings));
        json.WriteTexts("frames", settings.Frames.Select(frame => frame.Name()));
        json.WriteTexts("indicators", settings.Columns.Select(column => column.Name));
        json.WriteStartArray("rules");
        foreach (var (name, rule) in settings.Rules)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("rule_id", RuleId.Of(rule, settings.DefaultFrame));
            json.WriteString("action", rule.Action.Name());
            json.WriteString("rule", rule.ToString());
            json.WriteTexts("explained", RuleExplainer.Explain(rule, settings.DefaultFrame));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
