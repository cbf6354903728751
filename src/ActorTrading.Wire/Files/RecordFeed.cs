using ActorTrading.Domain.Values;
using ActorTrading.Wire.Binary;
using ActorTrading.Wire.Framing;
using ActorTrading.Wire.Text;

namespace ActorTrading.Wire.Files;

/// <summary>The records of one input of a known format: bytes in, as they come, records out. Not safe for several threads.</summary>
internal abstract class RecordFeed(string name, ReadOptions options, IRecordSink sink)
{
    /// <summary>The line that is being read, from 1; 0 where nothing was read yet or the format has no lines.</summary>
    public long LineNumber { get; protected set; }

    protected IRecordSink Sink => sink;

    protected string Name => name;

    protected ReadPosition? Position => options.Position;

    protected int MaxLineLength => options.MaxLineLength;

    /// <summary>A feed for a format that is no archive.</summary>
    public static RecordFeed Of(
        InputFormat format, string name, ReadOptions options, TableLayout? layout, IRecordSink sink,
        ReadOnlySpan<byte> head) => format switch
    {
        InputFormat.Binary => new BinaryFeed(name, options, sink),
        InputFormat.Json => new JsonFeed(name, options, sink, new JsonObjectSplitter(options.MaxLineLength, IsOfArrays(head))),
        InputFormat.Csv => new TableFeed(name, options, layout!, sink),
        _ => new LineFeed(name, options, sink),
    };

    /// <summary>A feed for an input whose beginning was looked at.</summary>
    public static RecordFeed Of(InputSurvey survey, IRecordSink sink, ReadOnlySpan<byte> head) =>
        Of(survey.Taken.Format, survey.Taken.Name, survey.Options, survey.Layout, sink, head);

    /// <summary>A feed that makes no use of anything.</summary>
    public static RecordFeed Nothing(string name, ReadOptions options, IRecordSink sink) => new NoFeed(name, options, sink);

    /// <summary>Takes the next bytes; false where no more can be made use of.</summary>
    /// <exception cref="InputException">It is not what it seemed to be.</exception>
    public abstract bool Feed(ReadOnlySpan<byte> bytes);

    /// <summary>Nothing more comes.</summary>
    /// <exception cref="InputException">It ends too early, or was damaged.</exception>
    public abstract void Complete();

    /// <summary>No more can be read, and there may be no end: what is left to be delivered is delivered.</summary>
    public virtual void Stop()
    {
    }

    protected ParserOptions ParserOptions() => options.Parser with { DefaultSource = SourceOfInput() };

    /// <summary>Whether a JSON text is an array of arrays.</summary>
    private static bool IsOfArrays(ReadOnlySpan<byte> head) =>
        head.TrimStart(" \t\r\n"u8) is [(byte)'[', .. var inner] && inner.TrimStart(" \t\r\n"u8) is [(byte)'[', ..];

    protected InputException NoRows() => new(Name, "is empty: a header and no rows") { IsEmpty = true };

    protected Source SourceOfInput() => options.Source ?? InputReader.SourceOf(name);

    private sealed class NoFeed(string name, ReadOptions options, IRecordSink sink) : RecordFeed(name, options, sink)
    {
        public override bool Feed(ReadOnlySpan<byte> bytes) => false;

        public override void Complete()
        {
        }
    }

    private sealed class LineFeed(string name, ReadOptions options, IRecordSink sink)
        : PieceFeed(name, options, sink, new LineSplitter(options.MaxLineLength))
    {
        private RecordParser? parser;

        public override bool DependsOnEarlier => parser is { DependsOnEarlier: true };

        protected override void Take(LineStatus status, ReadOnlySpan<byte> piece)
        {
            if (status == LineStatus.Line) (parser ??= new RecordParser(ParserOptions())).Parse(piece, LineNumber, Sink);
            else RejectTooLong();
        }
    }

    private sealed class JsonFeed(string name, ReadOptions options, IRecordSink sink, JsonObjectSplitter splitter)
        : PieceFeed(name, options, sink, splitter)
    {
        private RecordParser? parser;

        protected override long NextLine => splitter.PieceLine;

        protected override void Take(LineStatus status, ReadOnlySpan<byte> piece)
        {
            if (status == LineStatus.Line) (parser ??= new RecordParser(ParserOptions())).Parse(piece, LineNumber, Sink);
            else RejectTooLong();
        }
    }

    private sealed class TableFeed(string name, ReadOptions options, TableLayout layout, IRecordSink sink)
        : PieceFeed(name, options, sink, new LineSplitter(options.MaxLineLength, layout.LineEnd))
    {
        private CsvParser? parser;
        private bool hasRows;

        public override bool DependsOnEarlier => parser is { Stamps.DependsOnEarlier: true };

        protected override void Take(LineStatus status, ReadOnlySpan<byte> piece)
        {
            if (LineNumber <= layout.LinesBefore) return;
            if (status == LineStatus.Line) (parser ??= new CsvParser(ParserOptions(), layout)).Parse(piece, LineNumber, Sink);
            else RejectTooLong();
            hasRows |= status != LineStatus.Line || piece.Length > 0;
        }

        protected override void OnCompleted()
        {
            if (!hasRows) throw NoRows();
        }
    }

    private sealed class BinaryFeed : RecordFeed
    {
        private readonly BinaryDecoder decoder;

        public BinaryFeed(string name, ReadOptions options, IRecordSink sink)
            : base(name, options, sink) => decoder = new BinaryDecoder(new NamingSink(sink, SourceOfInput()));

        public override bool Feed(ReadOnlySpan<byte> bytes) => decoder.Feed(bytes);

        public override void Complete()
        {
            decoder.Complete();
            if (decoder.Damage is { } damage)
                throw new InputException(Name, $"is damaged at {damage.Rejection.Value}", $"frame {damage.Frame}");
        }
    }
}
