using ActorTrading.Domain.Bars;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Signals;
using ActorTrading.Domain.Values;

namespace ActorTrading.Domain.Folding;

/// <summary>Takes what comes out of the fold, in order. Called on the thread that folds: be quick, keep copies.</summary>
public interface IFoldOutput
{
    /// <summary>A bar closed, and the indicators of its frame have taken it.</summary>
    void OnBar(SymbolState symbol, Series series, in Bar bar);

    /// <summary>A rule fired.</summary>
    void OnSignal(Signal signal);

    /// <summary>A record came after its bar had closed.</summary>
    void OnLate(in Record record);

    /// <summary>An indicator failed; its values stay absent from now on.</summary>
    void OnFault(IndicatorFault fault);
}

/// <summary>An indicator threw. Its siblings are untouched; its own values stay absent until the plan changes.</summary>
public sealed record IndicatorFault(Symbol Symbol, Frame Frame, string Indicator, Timestamp Time, string Message);

/// <summary>Lets everything pass unheard.</summary>
public sealed class NoOutput : IFoldOutput
{
    /// <summary>The one instance.</summary>
    public static readonly NoOutput Instance = new();

    /// <inheritdoc/>
    public void OnBar(SymbolState symbol, Series series, in Bar bar)
    {
    }

    /// <inheritdoc/>
    public void OnSignal(Signal signal)
    {
    }

    /// <inheritdoc/>
    public void OnLate(in Record record)
    {
    }

    /// <inheritdoc/>
    public void OnFault(IndicatorFault fault)
    {
    }
}
