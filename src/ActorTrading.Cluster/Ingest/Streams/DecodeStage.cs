using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using Akka.Streams;
using Akka.Streams.Stage;

namespace ActorTrading.Cluster.Ingest.Streams;

/// <summary>
/// Decodes bytes to batches with the session of the connection: framing, decoding, and checks of the client's protocol. On a pull it
/// emits a batch if no more bytes are available or the batch is full. Without a pull the batch grows until it is full; then the stage
/// pulls no more bytes.
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
        private ReadOnlyMemory<byte> rest; // rest of the chunk, if the batch was full
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

        /// <summary>Decodes the available bytes, emits a batch that is ready, and pulls when all bytes are decoded.</summary>
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
                Drop(null); // the client already has the reason
            }
            catch (Exception e)
            {
                Drop(new IngestError(IngestError.Internal, e.Message)); // a fault ends only this connection
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

        /// <summary>
        /// Discards the decoded records that were not emitted. They are not acknowledged, so the sender still has them.
        /// </summary>
        private void Drop(IngestError? why)
        {
            if (why is not null) connection.Fail(why);
            rest = default;
            batch = new IngestBatch();
            isOver = true;
        }
    }
}
