using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine.Ingest.Sessions;
using ActorTrading.Wire;
using ActorTrading.Wire.Binary;
using ActorTrading.Wire.Framing;
using ActorTrading.Wire.Text;

namespace ActorTrading.Engine.Ingest;

/// <summary>
/// The protocol of one connection, without its socket: bytes in, records out. Step 3 of the way of a tick: listener, connection, session,
/// admission, engine. <see cref="LineSplitter"/> and <see cref="RecordParser"/> decode text, <see cref="BinaryDecoder"/> decodes frames;
/// both give each record to <see cref="OnRecord"/>. Guarded by <see cref="Gate"/>. Next: <see cref="IngestPipeline"/>.
/// </summary>
internal sealed class IngestSession : IRecordSink
{
    private const int Slice = 16 * 1024;
    private const int LeastRecord = 4; // bytes of a record in a frame: keeps a batch of a caller with a quota near the quota
    private const int MaxUnreadable = 128; // per batch: they take far more memory than their bytes

    private readonly IngestOptions options;
    private readonly SymbolTable symbols;
    private readonly SourceTable sources;
    private readonly LineSplitter splitter;
    private readonly SessionClient client;
    private readonly StreamOpening opening = new();
    private IngestBatch? current; // the batch that is being filled
    private RecordParser? parser;
    private BinaryDecoder? decoder;
    private StreamForm form;
    private long lineNumber;
    private bool hasBegun; // a line, or the mark of a binary stream, was read
    private bool isWithinLine;
    private bool isEnding;

    public IngestSession(IngestOptions options, SymbolTable symbols, SourceTable sources)
    {
        (this.options, this.symbols, this.sources) = (options, symbols, sources);
        client = new SessionClient(options);
        Answers = new SessionAnswers(client);
        splitter = new LineSplitter(options.MaxLine);
    }

    /// <summary>Guards the session: reading, answers and timers share it.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The client: who it is, and what it may send.</summary>
    public SessionClient Client => client;

    /// <summary>The way back: batches in flight, and answers.</summary>
    public SessionAnswers Answers { get; }

    /// <summary>Why the connection must be closed after the accepted input is answered; null if there is no error.</summary>
    public IngestError? Error => Answers.Error;

    /// <summary>Whether the bytes read so far end inside a line or frame.</summary>
    public bool IsWithinPiece => form switch
    {
        StreamForm.Binary => decoder!.IsWithinFrame,
        StreamForm.Foreign => true,
        _ => isWithinLine || (form == StreamForm.Undecided && opening.Mark > 0),
    };

    /// <summary>Number of complete lines or frames; distinguishes a new incomplete one from an old one.</summary>
    public long PiecesEnded => lineNumber + (decoder?.Frames ?? 0);

    /// <summary>Records received.</summary>
    public long Records { get; private set; }

    /// <summary>
    /// Reads bytes into the batch. Returns the number of bytes used; fewer than given only if the batch is full or there is an error.
    /// </summary>
    public int Read(ReadOnlySpan<byte> bytes, IngestBatch batch)
    {
        var rest = bytes;
        Answers.Filling = current = batch;
        while (Error is null && !rest.IsEmpty && !IsFull(batch))
        {
            switch (form)
            {
                case StreamForm.Undecided:
                    Detect(ref rest);
                    break;
                case StreamForm.Foreign:
                    ReadForeign(rest);
                    rest = default;
                    break;
                case StreamForm.Text:
                    ReadLine(ref rest);
                    break;
                default:
                    ReadFrames(ref rest);
                    break;
            }
        }

        return bytes.Length - rest.Length;
    }

    /// <summary>Whether the batch must be handed over before more is read.</summary>
    public bool IsFull(IngestBatch batch) => batch.Pieces >= client.BatchRecords || batch.Unreadable.Count >= MaxUnreadable;

    /// <summary>
    /// The client has closed its stream cleanly. A last line without its line end counts if it is complete: truncated JSON is not valid
    /// JSON, so it cannot be mistaken for a shorter record.
    /// </summary>
    public void End(IngestBatch batch)
    {
        if (Error is not null) return;
        Answers.Filling = current = batch;
        if (form == StreamForm.Binary)
        {
            decoder!.Complete();
            NoteDamage();
            return;
        }

        if (form == StreamForm.Foreign)
        {
            FailForeign();
            return;
        }

        if (form == StreamForm.Undecided) BecomeText();
        isEnding = true;
        var status = splitter.Finish(out var line);
        if (status != LineStatus.NeedMore) TakeLine(status, line);
        isWithinLine = false;
    }

    /// <inheritdoc/>
    public void OnRecord(in Record record)
    {
        if (!client.IsKnown && !BecomesKnown()) return;
        if (!client.MaySpeakFor(record.Id.Source))
        {
            var rejection = new Rejection(RejectReason.TooManySources, "source", record.Id.Source.Name);
            OnRejected(new RejectedInput(record.Id, PiecesEnded, rejection, ""));
            return;
        }

        Records++;
        if (client.Source is not { } source) current!.Add(record, isOwn: false);
        else if (ReferenceEquals(record.Id.Source, Source.Anonymous))
            current!.Add(record.WithIdentity(new Identity(source, client.Hello.Epoch, record.Id.Seq)), isOwn: true);
        else current!.Add(record, client.IsOwn(record.Id));
    }

    /// <inheritdoc/>
    public void OnRejected(in RejectedInput input)
    {
        // Input whose seq cannot be read is attributed to the connection's own source.
        var named = client.Source is { } source
            && (input.Source.Equals(Source.Anonymous) || (input.Seq < 0 && input.Source.Equals(source)))
            ? input with { Id = new Identity(source, client.Hello.Epoch, input.Seq) }
            : input;
        Answers.Rejected++;
        current!.AddUnreadable(named, client.IsOwn(named.Id), isHandled: !IsCutShort(input.Rejection.Reason));
    }

    private bool BecomesKnown()
    {
        if (Error is null) Fail(client.BecomeKnown(null, 0));
        return Error is null;
    }

    private void Detect(ref ReadOnlySpan<byte> rest)
    {
        switch (opening.Read(ref rest))
        {
            case StreamForm.Text:
                BecomeText();
                break;
            case StreamForm.Binary:
                BecomeBinary();
                break;
            case StreamForm.Foreign:
                form = StreamForm.Foreign;
                ReadForeign(opening.ForeignBytes);
                break;
        }

        lineNumber = Math.Max(lineNumber, opening.BlankLines);
    }

    private void ReadForeign(ReadOnlySpan<byte> bytes)
    {
        if (opening.Foreign.Take(bytes)) FailForeign();
    }

    private void FailForeign()
    {
        Answers.IsHttp = opening.Foreign.IsHttp;
        Answers.Fail(new IngestError(IngestError.WrongProtocol, opening.Foreign.Describe(options.HttpPort)));
    }

    private void BecomeBinary()
    {
        if (!MayBegin()) return;
        form = StreamForm.Binary;
        Answers.IsBinary = true;
        decoder = new BinaryDecoder(this, options.MaxFrame, options.MaxNames, symbols, sources);
        decoder.Feed(BinaryFormat.Magic[..opening.Mark]);
    }

    private void BecomeText()
    {
        form = StreamForm.Text;
        var kept = BinaryFormat.Magic[..opening.Mark]; // read as the mark of a binary stream, which it is not
        isWithinLine = kept.Length > 0;
        splitter.Next(ref kept, out _);
        parser ??= new RecordParser(new ParserOptions { Symbols = symbols, Sources = sources });
    }

    private void ReadLine(ref ReadOnlySpan<byte> rest)
    {
        var status = splitter.Next(ref rest, out var line);
        isWithinLine = status == LineStatus.NeedMore;
        if (status != LineStatus.NeedMore) TakeLine(status, line);
    }

    private void TakeLine(LineStatus status, ReadOnlySpan<byte> line)
    {
        lineNumber++;
        if (!hasBegun && status == LineStatus.Line && IngestHello.IsMeant(line))
        {
            Greet(line);
            return;
        }

        if (!MayBegin()) return;
        if (status == LineStatus.Line)
        {
            parser!.Parse(line, lineNumber, this);
            return;
        }

        OnRejected(
            RejectedInput.TooLong(Identity.Anonymous, lineNumber, splitter.SkippedBytes, options.MaxLine, splitter.SkippedStart));
    }

    /// <summary>Whether records are allowed now: after a hello, or if no hello is required.</summary>
    private bool MayBegin()
    {
        if (!hasBegun) Fail(client.BeginUnnamed());
        hasBegun = true;
        return Error is null;
    }

    private void Greet(ReadOnlySpan<byte> line)
    {
        hasBegun = true;
        Fail(client.Greet(line));
        if (Error is not null) return;
        var hello = client.Hello;
        parser = new RecordParser(new ParserOptions
        {
            Symbols = symbols, Sources = sources, DefaultSource = hello.Source, DefaultEpoch = hello.Epoch, TimeUnit = hello.TimeUnit,
        });
        opening.Restart();
        form = StreamForm.Undecided; // lines or frames may follow
        Answers.Greet(options);
    }

    private void Fail(IngestError? error)
    {
        if (error is not null) Answers.Fail(error);
    }

    private void ReadFrames(ref ReadOnlySpan<byte> rest)
    {
        var slice = rest[..(int)Math.Min(Math.Min(rest.Length, Slice), (long)client.BatchRecords * LeastRecord)];
        rest = rest[slice.Length..];
        decoder!.Feed(slice);
        NoteDamage();
    }

    private void NoteDamage()
    {
        if (decoder!.Damage is { } damage) Fail(new IngestError(IngestError.DamagedStream, damage.Rejection.Value));
    }

    /// <summary>
    /// Whether a refused piece may be the beginning of a valid one. Such a piece is not handled: its sender must send it again.
    /// </summary>
    private bool IsCutShort(RejectReason reason) =>
        decoder?.Damage is not null || (isEnding && reason is (RejectReason.Malformed or RejectReason.LineTooLong));
}
