using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Exporting;

/// <summary>What to export from a journal, and its format.</summary>
/// <param name="Form">The text format: canonical, or a table.</param>
/// <param name="Symbols">The symbols to export; empty for all.</param>
/// <param name="After">The journal position to start after; 0 is the beginning.</param>
/// <param name="Positions">Whether each line contains the position of its event.</param>
internal sealed record ExportRequest(Dialect Form, IReadOnlyList<Symbol> Symbols, long After = 0, bool Positions = false)
{
    /// <summary>The name of the format; by default that of the text format.</summary>
    public string Format { get; init; } = Form.Name();

    /// <summary>Number of symbol groups with separate files, for a format with several files.</summary>
    public int Groups { get; init; } = 1;
}
