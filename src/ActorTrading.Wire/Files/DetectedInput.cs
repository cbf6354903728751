using ActorTrading.Wire.Text;

namespace ActorTrading.Wire.Files;

/// <summary>An input of a known format, with what its feed needs.</summary>
/// <param name="Format">The detected format; not an archive.</param>
/// <param name="Name">The name of the file or archive entry.</param>
/// <param name="Options">The read options.</param>
/// <param name="Layout">The layout of a table; null for other formats.</param>
internal sealed record DetectedInput(InputFormat Format, string Name, ReadOptions Options, TableLayout? Layout);
