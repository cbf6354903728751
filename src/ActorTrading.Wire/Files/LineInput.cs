using ActorTrading.Domain.Records;

namespace ActorTrading.Wire.Files;

/// <summary>
/// An input whose text is read in blocks. They are parsed on their own, up to the first one that cannot be: from there
/// on all are parsed in their order, by one parser that remembers.
/// </summary>
public sealed class LineInput
{
    private readonly InputSurvey survey;
    private readonly ReadOptions options;
    private readonly CurrentSink current = new();
    private PieceFeed? feed;

    internal LineInput(InputSurvey survey)
    {
        this.survey = survey;
        // One object for the source of all blocks: it is compared by reference before it is compared by name.
        options = survey.Options with { Source = survey.Options.Source ?? InputReader.SourceOf(Name) };
    }

    /// <summary>The file, or the part of an archive.</summary>
    public string Name => survey.Taken.Name;

    /// <summary>Whether a block was parsed in order, as all later ones have to be.</summary>
    public bool IsInOrder => feed is not null;

    /// <summary>The line that <see cref="ParseInOrder"/> is at.</summary>
    public ReadPosition Position { get; } = new();

    /// <summary>Parses a block after all earlier ones, while no other is being parsed.</summary>
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
    internal static bool IsOfLines(InputSurvey survey) =>
        survey.Taken is { Format: InputFormat.Ndjson or InputFormat.Csv, Order: not TimeOrder.NewestFirst };

    internal PieceFeed NewFeed(ReadPosition position, IRecordSink sink) =>
        (PieceFeed)RecordFeed.Of(survey.Taken.Format, Name, options with { Position = position }, survey.Layout, sink, default);

    private sealed class CurrentSink : IRecordSink
    {
        public IRecordSink? Sink { get; set; }

        public void OnRecord(in Record record) => Sink!.OnRecord(record);

        public void OnRejected(in RejectedInput input) => Sink!.OnRejected(input);
    }
}
