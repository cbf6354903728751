using ActorTrading.Domain.Indicators;

namespace ActorTrading.Domain.Tests.Indicators;

/// <summary>The registry as test cases: each indicator with its default parameters and each of its variants.</summary>
internal static class EveryIndicator
{
    /// <summary>For example <c>ema(20)</c>, <c>ema(20,first)</c>, <c>vwap</c>.</summary>
    public static IEnumerable<string> Calls { get; } = [.. IndicatorRegistry.All.SelectMany(CallsOf)];

    /// <summary>The same, one case for each output: <c>macd(12,26,9).line</c>.</summary>
    public static IEnumerable<string> Values { get; } =
        [.. IndicatorRegistry.All.SelectMany(kind => CallsOf(kind).SelectMany(call =>
            kind.Outputs.Length == 0 ? [call] : kind.Outputs.Select(output => $"{call}.{output}")))];

    private static IEnumerable<string> CallsOf(IndicatorKind kind)
    {
        var defaults = kind.Parameters.Select(p => p.Default).ToArray();
        yield return kind.Spell(defaults);
        for (var i = 0; i < defaults.Length; i++)
        {
            if (kind.Parameters[i].Kind != ParameterKind.Variant) continue;
            var arguments = defaults.ToArray();
            arguments[i] = 1;
            yield return kind.Spell(arguments);
        }
    }
}
