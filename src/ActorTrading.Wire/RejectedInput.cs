using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;

namespace ActorTrading.Wire;

/// <summary>
/// A piece of input that made no record: what is known of its identity (<see cref="Identity.Anonymous"/> where
/// nothing is), where it stood (<paramref name="LineNumber"/>, from 1: the line of a text, the frame of a binary
/// stream), why it was refused, and how it looked.
/// </summary>
/// <param name="Raw">
/// The beginning of the input, at most <see cref="MaxRawLength"/> characters: text as it came, binary in hex.
/// </param>
public readonly record struct RejectedInput(Identity Id, long LineNumber, Rejection Rejection, string Raw)
{
    /// <summary>The longest excerpt kept, in characters.</summary>
    public const int MaxRawLength = 256;

    /// <summary>The file, or part of an archive, that it stood in; null where it came over a connection.</summary>
    public string? File { get; init; }

    /// <summary>Its time; null where that could not be read.</summary>
    public Timestamp? Time { get; init; }

    /// <summary>Who sent it; <see cref="Domain.Values.Source.Anonymous"/> where that could not be read.</summary>
    public Source Source => Id.Source;

    /// <summary>Its epoch within the source; 0 where that could not be read.</summary>
    public long Epoch => Id.Epoch;

    /// <summary>Its number within the epoch; <see cref="Identity.None"/> where that could not be read.</summary>
    public long Seq => Id.Seq;

    /// <summary>A line of that many bytes, longer than the limit and so skipped, of which only the start was kept.</summary>
    public static RejectedInput TooLong(Identity id, long lineNumber, long bytes, int limit, ReadOnlySpan<byte> start) => new(
        id, lineNumber, new Rejection(RejectReason.LineTooLong, "line", $"{bytes} bytes; the limit is {limit}"), Excerpt.Of(start));
}
