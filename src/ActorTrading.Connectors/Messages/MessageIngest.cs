using System.Buffers;
using System.Runtime.InteropServices;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using ActorTrading.Wire;
using ActorTrading.Wire.Text;

namespace ActorTrading.Connectors.Messages;

/// <summary>
/// Submits messages of other systems, in any dialect of docs/formats.md, to the ingest pipeline and returns the outcome of each. One per
/// connector. Not thread-safe.
/// </summary>
public sealed class MessageIngest
{
    private readonly IngestPipeline pipeline;
    private readonly MessageReading reading;
    private readonly Sender sender;
    private readonly RecordParser parser;

    /// <param name="peer">The origin of the messages, for the audit and the quarantine.</param>
    public MessageIngest(IngestPipeline pipeline, MessageReading reading, string kind, string peer)
    {
        (this.pipeline, this.reading) = (pipeline, reading);
        sender = new Sender(kind, peer, Source.Anonymous);
        parser = new RecordParser(reading.Parser);
    }

    /// <summary>
    /// Submits messages in order. Returns when they are admitted (back-pressure). <see cref="Admitted{T}.Durable"/> gives an outcome for
    /// each message. The memory of their values can be reused at once.
    /// </summary>
    /// <exception cref="EngineStoppedException">The engine is draining, stopped, or has failed. The messages must be submitted
    /// again.</exception>
    public async ValueTask<Admitted<MessageOutcome[]>> SubmitAsync(
        IReadOnlyList<InboundMessage> messages, CancellationToken cancellation = default)
    {
        var batch = new Batch(reading.PerMessage, messages.Count);
        try
        {
            for (var i = 0; i < messages.Count; i++)
            {
                var message = messages[i];
                batch.Begin(message);
                parser.DefaultTime = message.Time;
                if (message.Rejection is { } refusal) batch.Refuse(refusal, message.Time);
                else parser.Parse(message.Value.Span, 0, batch);
                batch.End();
            }

            await pipeline.HoldAsync(null, batch.Records.Length, cancellation).ConfigureAwait(false);
            var entered = await pipeline.SubmitAsync(batch.Records, batch.Unreadable, sender, cancellation).ConfigureAwait(false);
            return new(batch.SettleAsync(entered.Durable));
        }
        catch
        {
            batch.Release();
            throw;
        }
    }

    /// <summary>The records of some messages, with the message of each. A message of one record costs no allocation.</summary>
    private sealed class Batch(int perMessage, int messages) : IRecordSink
    {
        private static readonly IReadOnlyList<Rejection> NoRejections = [];

        private readonly MessageOutcome[] outcomes = new MessageOutcome[messages];
        private readonly List<RejectedInput> unreadable = [];
        private List<(int Message, Rejection Rejection)>? refused;
        private Dictionary<Symbol, int>? counts; // number of records by symbol, in a message of several records
        private Symbol? first; // the symbol of the first record of the message
        private Record[] records = ArrayPool<Record>.Shared.Rent(Math.Max(16, messages));
        private int[] messageOf = ArrayPool<int>.Shared.Rent(Math.Max(16, messages));
        private InboundMessage present;
        private int current = -1;
        private int count;
        private int inMessage;

        public ReadOnlyMemory<Record> Records => records.AsMemory(0, count);

        public IReadOnlyList<RejectedInput> Unreadable => unreadable;

        public void Begin(in InboundMessage message)
        {
            (present, inMessage, first) = (message, 0, null);
            current++;
            if (counts is { Count: > 0 }) counts.Clear();
        }

        /// <summary>Ends a message. A message without a record is also rejected: one record was expected.</summary>
        public void End()
        {
            if (inMessage == 0) Refuse(new Rejection(RejectReason.Malformed, "message", "it holds no record"), null);
            outcomes[current] = outcomes[current] with { Records = inMessage, Rejections = NoRejections };
        }

        public void OnRecord(in Record record)
        {
            var number = NumberOf(record.Symbol);
            if (number >= perMessage)
            {
                Refuse(new Rejection(RejectReason.BadSequence, "message", $"more than {perMessage} records of {record.Symbol.Name}")
                {
                    Hint = "Set records_per_message of the connector to the maximum number of records of one symbol in a message.",
                }, record.Time);
                return;
            }

            if (count == records.Length) Grow();
            records[count] = record.WithIdentity(IdentityOf(number));
            messageOf[count++] = current;
            inMessage++;
        }

        public void OnRejected(in RejectedInput input)
        {
            unreadable.Add(input with { Id = IdentityOf(0) });
            Note(input.Rejection);
        }

        public async Task<MessageOutcome[]> SettleAsync(Task<IngestResult> entered)
        {
            try
            {
                var result = await entered.ConfigureAwait(false);
                foreach (var one in result.Refused) (refused ??= []).Add((messageOf[one.Index], one.Rejection));
                if (refused is null) return outcomes;
                foreach (var ofMessage in refused.GroupBy(one => one.Message, one => one.Rejection))
                    outcomes[ofMessage.Key] = outcomes[ofMessage.Key] with { Rejections = [.. ofMessage] };
                return outcomes;
            }
            finally
            {
                Release();
            }
        }

        public void Release()
        {
            ArrayPool<Record>.Shared.Return(records, clearArray: true);
            ArrayPool<int>.Shared.Return(messageOf);
            (records, messageOf, count) = ([], [], 0);
        }

        /// <summary>Number of earlier records of the symbol in the message; counts this one.</summary>
        private int NumberOf(Symbol symbol)
        {
            if (first is null)
            {
                first = symbol;
                return 0;
            }

            counts ??= [];
            if (counts.Count == 0) counts.Add(first, 1);
            return CollectionsMarshal.GetValueRefOrAddDefault(counts, symbol, out _)++;
        }

        private Identity IdentityOf(int number) => new(
            present.Source, present.Epoch, present.Seq == Identity.None ? Identity.None : checked((present.Seq * perMessage) + number));

        public void Refuse(Rejection rejection, Timestamp? time)
        {
            unreadable.Add(new RejectedInput(IdentityOf(0), 0, rejection, Excerpt.Of(present.Value.Span)) { Time = time });
            Note(rejection);
        }

        private void Note(Rejection rejection)
        {
            (refused ??= []).Add((current, rejection));
            outcomes[current] = outcomes[current] with { Unreadable = outcomes[current].Unreadable ?? rejection };
            inMessage++;
        }

        private void Grow()
        {
            var (moreRecords, moreMessages) = (ArrayPool<Record>.Shared.Rent(count * 2), ArrayPool<int>.Shared.Rent(count * 2));
            records.AsSpan(0, count).CopyTo(moreRecords);
            messageOf.AsSpan(0, count).CopyTo(moreMessages);
            ArrayPool<Record>.Shared.Return(records, clearArray: true);
            ArrayPool<int>.Shared.Return(messageOf);
            (records, messageOf) = (moreRecords, moreMessages);
        }
    }
}
