using System.Globalization;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Signals;

/// <summary>The parts of a <see cref="Signal.Id"/>.</summary>
public sealed record SignalId(Symbol Symbol, string RuleId, Frame Frame, Timestamp BarTime, int Ordinal)
{
    private const int PartsAfterSymbol = 4;

    /// <summary>Returns the id of a signal.</summary>
    public static SignalId Of(Signal signal) => new(signal.Symbol, signal.RuleId, signal.Frame, signal.BarTime, signal.Ordinal);

    /// <summary>Parses an id. Names of symbols may contain slashes.</summary>
    public static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SignalId? id)
    {
        id = null;
        var parts = text.Split('/');
        if (parts.Length <= PartsAfterSymbol) return false;
        var rest = parts.AsSpan(parts.Length - PartsAfterSymbol);
        if (!TryParseSymbol(string.Join('/', parts[..^PartsAfterSymbol]), out var symbol)
            || !Frames.TryParse(rest[1], out var frame)
            || !long.TryParse(rest[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var barTime)
            || !int.TryParse(rest[3], NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)) return false;
        id = new SignalId(symbol, rest[0], frame, new Timestamp(barTime), ordinal);
        return true;
    }

    /// <summary>The text form of <c>Signal.Id</c>.</summary>
    public override string ToString() => $"{Symbol}/{RuleId}/{Frame.Name()}/{BarTime.Nanoseconds}/{Ordinal}";

    private static bool TryParseSymbol(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Symbol? symbol)
    {
        symbol = name == Symbol.Economy.Name ? Symbol.Economy : null;
        return symbol is not null || Symbol.TryParse(name, out symbol);
    }
}
