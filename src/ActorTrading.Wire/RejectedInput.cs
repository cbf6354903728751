using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;

namespace ActorTrading.Wire;

/// <summary>
/// A piece of input that is not a record: its identity as far as known (otherwise <see cref="Identity.Anonymous"/>), its position
/// (<paramref name="LineNumber"/>, from 1: the line of a text, the frame of a binary stream), the rejection, and an excerpt.
/// </summary>
/// <param name="Raw">The beginning of the input, at most <see cref="MaxRawLength"/> characters: text unchanged, binary in hex.</param>
public readonly record struct RejectedInput(Identity Id, long LineNumber, Rejection Rejection, string Raw)
{
    /// <summary>Maximum length of the excerpt, in characters.</summary>
    public const int MaxRawLength = 256;

    /// <summary>The file or archive entry; null if it was received over a connection.</summary>
    public string? File { get; init; }

    /// <summary>The time; null if it could not be read.</summary>
    public Timestamp? Time { get; init; }

    /// <summary>The source; <see cref="Domain.Values.Source.Anonymous"/> if it could not be read.</summary>
    public Source Source => Id.Source;

    /// <summary>The epoch; 0 if it could not be read.</summary>
    public long Epoch => Id.Epoch;

    /// <summary>The sequence number; <see cref="Identity.None"/> if it could not be read.</summary>
    public long Seq => Id.Seq;

    /// <summary>Creates a rejection of a line that exceeded the limit and was skipped; only its start was kept.</summary>
    public static RejectedInput TooLong(Identity id, long lineNumber, long bytes, int limit, ReadOnlySpan<byte> start) => new(
        id, lineNumber, new Rejection(RejectReason.LineTooLong, "line", $"{bytes} bytes; the limit is {limit}"), Excerpt.Of(start));
}
