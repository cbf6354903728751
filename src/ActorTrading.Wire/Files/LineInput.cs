using ActorTrading.Domain.Records;

namespace ActorTrading.Wire.Files;

/// <summary>
/// An input whose text is read in blocks. Blocks are parsed independently, up to the first one for which that is not possible. From there
/// on all blocks are parsed in order by one stateful parser.
/// </summary>
public sealed class LineInput
{
    private readonly DetectedInput input;
    private readonly CurrentSink current = new();
    private PieceFeed? feed;

    internal LineInput(DetectedInput input)
    {
        // One object for the source of all blocks: it is compared by reference before by name.
        var options = input.Options;
        this.input = input with { Options = options with { Source = options.Source ?? InputReader.SourceOf(input.Name) } };
    }

    /// <summary>The name of the file or archive entry.</summary>
    public string Name => input.Name;

    /// <summary>Whether a block was parsed in order; then all later blocks must be.</summary>
    public bool IsInOrder => feed is not null;

    /// <summary>The current line of <see cref="ParseInOrder"/>.</summary>
    public ReadPosition Position { get; } = new();

    /// <summary>Parses a block after all earlier ones. Not thread-safe: no other block may be parsed at the same time.</summary>
    public void ParseInOrder(LineBlock block, IRecordSink sink)
    {
        current.Sink = sink;
        if (feed is null)
        {
            feed = NewFeed(Position, current);
            feed.BeginAfter(block.LinesBefore);
        }

        feed.Feed(block.Text);
        if (block.IsLast) feed.TakeLast();
    }

    /// <summary>Whether an input can be read in blocks.</summary>
    internal static bool IsOfLines(InputTaken taken) =>
        taken is { Format: InputFormat.Ndjson or InputFormat.Csv, Order: not TimeOrder.NewestFirst };

    internal PieceFeed NewFeed(ReadPosition position, IRecordSink sink) =>
        (PieceFeed)RecordFeed.Of(input with { Options = input.Options with { Position = position } }, sink, default);

    private sealed class CurrentSink : IRecordSink
    {
        public IRecordSink? Sink { get; set; }

        public void OnRecord(in Record record) => Sink!.OnRecord(record);

        public void OnRejected(in RejectedInput input) => Sink!.OnRejected(input);
    }
}
