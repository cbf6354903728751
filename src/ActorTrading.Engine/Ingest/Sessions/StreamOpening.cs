using ActorTrading.Wire.Binary;

namespace ActorTrading.Engine.Ingest.Sessions;

/// <summary>What a client sends.</summary>
internal enum StreamForm
{
    /// <summary>Too few bytes came to tell.</summary>
    Undecided,

    /// <summary>Lines.</summary>
    Text,

    /// <summary>Frames.</summary>
    Binary,

    /// <summary>Another protocol.</summary>
    Foreign,
}

/// <summary>
/// Detects what a client sends from its very first bytes, after blank lines. A hello, like all input with records, is a JSON object or
/// array, or a binary stream. If a client begins in any other way, its input is ignored: others may have put records into it (for example
/// into the body of a browser's request). After a hello, lines or frames follow.
/// </summary>
internal sealed class StreamOpening
{
    private const int MarkLength = 3; // "ATB" tells binary from text; what comes next is its version

    private int byteOrderMark; // bytes of a byte order mark read so far
    private bool isAfterHello;

    /// <summary>Number of bytes read that are the beginning of the mark of a binary stream.</summary>
    public int Mark { get; private set; }

    /// <summary>Number of blank lines read.</summary>
    public long BlankLines { get; private set; }

    /// <summary>The opening of another protocol.</summary>
    public ForeignOpening Foreign => field ??= new ForeignOpening();

    /// <summary>The bytes read that belong to the opening of another protocol.</summary>
    public ReadOnlySpan<byte> ForeignBytes => HasCutMark ? Utf8Mark[..byteOrderMark] : BinaryFormat.Magic[..Mark];

    private static ReadOnlySpan<byte> Utf8Mark => [0xEF, 0xBB, 0xBF];

    private bool HasCutMark => !isAfterHello && byteOrderMark > 0 && byteOrderMark < Utf8Mark.Length;

    /// <summary>Reads some bytes.</summary>
    public StreamForm Read(ref ReadOnlySpan<byte> rest)
    {
        var first = rest[0];
        if (Mark == 0 && SkipsByteOrderMark(ref rest)) return StreamForm.Undecided;
        if (!HasCutMark && first == BinaryFormat.Magic[Mark])
        {
            rest = rest[1..];
            return ++Mark < MarkLength ? StreamForm.Undecided : StreamForm.Binary;
        }

        if (isAfterHello) return StreamForm.Text;
        if (HasCutMark || Mark > 0) return StreamForm.Foreign;
        if (first is (byte)'{' or (byte)'[') return StreamForm.Text;
        if (first is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')) return StreamForm.Foreign;
        if (first == (byte)'\n') BlankLines++;
        rest = rest[1..];
        return StreamForm.Undecided;
    }

    /// <summary>A hello was read.</summary>
    public void Restart() => (byteOrderMark, isAfterHello) = (0, true);

    /// <summary>Skips a UTF-8 byte order mark: writers on many platforms begin every stream with it.</summary>
    private bool SkipsByteOrderMark(ref ReadOnlySpan<byte> rest)
    {
        if (byteOrderMark == Utf8Mark.Length || rest[0] != Utf8Mark[byteOrderMark]) return false;
        byteOrderMark++;
        rest = rest[1..];
        return true;
    }
}
