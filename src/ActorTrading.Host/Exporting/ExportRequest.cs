using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Exporting;

/// <summary>What to take out of a journal, and in which form.</summary>
/// <param name="Form">Canonical, or a table.</param>
/// <param name="Symbols">Which symbols; empty for all.</param>
/// <param name="After">The position in the journal to begin behind; 0 is its beginning.</param>
/// <param name="Positions">Whether each line tells the position of the event that it was part of.</param>
internal sealed record ExportRequest(Dialect Form, IReadOnlyList<Symbol> Symbols, long After = 0, bool Positions = false)
{
    /// <summary>The name of the form; that of the text where nothing else is said.</summary>
    public string Format { get; init; } = Form.Name();

    /// <summary>Groups of symbols that have files of their own, where the form has files.</summary>
    public int Groups { get; init; } = 1;
}
