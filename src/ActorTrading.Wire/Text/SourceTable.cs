using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>Interning table of sources: the same instance for the same name. Thread-safe.</summary>
public sealed class SourceTable(int maxCount = NameTable<Source>.DefaultMaxCount) : NameTable<Source>(maxCount)
{
    private protected override Source? Make(ReadOnlySpan<char> name) => Source.TryParse(name, out var source) ? source : null;
}
