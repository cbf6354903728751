using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using Akka.Streams;
using Akka.Streams.Stage;

namespace ActorTrading.Cluster.Ingest.Streams;

/// <summary>
/// Bytes to batches, by the session of a connection: framing, decoding, and what a client may send. A batch goes on when it is asked for
/// and no more bytes are there, or when it is full; while nobody asks, it grows until it is full, and then no more bytes are asked for.
/// </summary>
internal sealed class DecodeStage(IngestConnection connection) : GraphStage<FlowShape<Chunk, IngestBatch>>
{
    private readonly Inlet<Chunk> chunks = new("decode.in");
    private readonly Outlet<IngestBatch> batches = new("decode.out");

    public override FlowShape<Chunk, IngestBatch> Shape => new(chunks, batches);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, connection);

    private sealed class Logic : InAndOutGraphStageLogic
    {
        private readonly Inlet<Chunk> chunks;
        private readonly Outlet<IngestBatch> batches;
        private readonly IngestConnection connection;
        private IngestBatch batch = new();
        private ReadOnlyMemory<byte> rest; // of the chunk, where the batch was full
        private bool hasMore;
        private bool isOver;

        public Logic(DecodeStage stage, IngestConnection connection)
            : base(stage.Shape)
        {
            (chunks, batches, this.connection) = (stage.chunks, stage.batches, connection);
            SetHandlers(chunks, batches, this);
        }

        public override void PreStart() => Pull(chunks);

        public override void OnPush()
        {
            var chunk = Grab(chunks);
            (rest, hasMore) = (chunk.Bytes, chunk.HasMore);
            if (chunk.IsEnd) connection.End(batch);
            GoOn();
        }

        public override void OnPull() => GoOn();

        public override void OnUpstreamFinish()
        {
            isOver = true;
            hasMore = false;
            GoOn();
        }

        /// <summary>Reads what there is, hands on what is ready, and asks for more when all of it is read.</summary>
        private void GoOn()
        {
            try
            {
                while (true)
                {
                    while (!rest.IsEmpty && !connection.IsFull(batch)) Read();
                    var isReady = connection.IsFull(batch) || (!batch.IsEmpty && rest.IsEmpty && !hasMore);
                    if (!isReady || !IsAvailable(batches)) break;
                    connection.Begin(batch);
                    Push(batches, batch);
                    batch = new IngestBatch();
                }
            }
            catch (EngineStoppedException e)
            {
                Drop(new IngestError(IngestError.EngineStopped, e.Message));
            }
            catch (OperationCanceledException)
            {
                Drop(null); // it was told why
            }
            catch (Exception e)
            {
                Drop(new IngestError(IngestError.Internal, e.Message)); // one connection's fault is its own
            }

            if (isOver && rest.IsEmpty && batch.IsEmpty) CompleteStage();
            else if (!isOver && rest.IsEmpty && !connection.IsFull(batch) && !HasBeenPulled(chunks)) Pull(chunks);
        }

        private void Read()
        {
            var goesOn = connection.Read(rest.Span, batch, out var used);
            rest = rest[used..];
            if (goesOn) return;
            rest = default;
            hasMore = false;
            isOver = true;
        }

        /// <summary>What was read and not handed on is not answered; its sender still has it.</summary>
        private void Drop(IngestError? why)
        {
            if (why is not null) connection.Fail(why);
            rest = default;
            batch = new IngestBatch();
            isOver = true;
        }
    }
}
