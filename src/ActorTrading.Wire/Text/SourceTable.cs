using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>The sources seen so far: the same instance for the same name.</summary>
public sealed class SourceTable(int maxCount = NameTable<Source>.DefaultMaxCount) : NameTable<Source>(maxCount)
{
    private protected override Source? Make(ReadOnlySpan<char> name) => Source.TryParse(name, out var source) ? source : null;
}
