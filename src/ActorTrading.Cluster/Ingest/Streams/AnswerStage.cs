using System.Buffers;
using ActorTrading.Engine.Ingest;
using Akka.Streams;
using Akka.Streams.Stage;

namespace ActorTrading.Cluster.Ingest.Streams;

/// <summary>
/// Maps settled batches, in their order, to answers for the client: rejections, one ack for all batches since the last ack,
/// heartbeats, and the reason at the end. Pulls no batches while rejections wait to be written. An output buffer is valid until the
/// next pull.
/// </summary>
internal sealed class AnswerStage(IngestConnection connection) : GraphStage<FlowShape<Settled, ReadOnlyMemory<byte>>>
{
    private readonly Inlet<Settled> settled = new("answer.in");
    private readonly Outlet<ReadOnlyMemory<byte>> answers = new("answer.out");

    public override FlowShape<Settled, ReadOnlyMemory<byte>> Shape => new(settled, answers);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, connection);

    private sealed class Logic : InAndOutGraphStageLogic
    {
        private readonly Inlet<Settled> settled;
        private readonly Outlet<ReadOnlyMemory<byte>> answers;
        private readonly IngestConnection connection;
        private readonly ArrayBufferWriter<byte> output = new(256);
        private bool isOver;

        public Logic(AnswerStage stage, IngestConnection connection)
            : base(stage.Shape)
        {
            (settled, answers, this.connection) = (stage.settled, stage.answers, connection);
            SetHandlers(settled, answers, this);
        }

        public override void PreStart()
        {
            connection.OnNews = GetAsyncCallback(GoOn);
            Pull(settled);
        }

        public override void PostStop() => connection.OnNews = null;

        public override void OnPush()
        {
            var (batch, result, failure) = Grab(settled);
            if (result is not null) connection.Complete(batch, result);
            else connection.Lose(batch, failure!);
            GoOn();
        }

        public override void OnPull() => GoOn();

        public override void OnUpstreamFinish()
        {
            isOver = true;
            connection.Abandon();
            GoOn();
        }

        private void GoOn()
        {
            if (connection.Aborting.IsCancellationRequested)
            {
                CompleteStage();
                return;
            }

            var isTold = IsAvailable(answers);
            if (isTold)
            {
                output.ResetWrittenCount();
                connection.TakeAnswers(output);
                if (output.WrittenCount > 0) Push(answers, output.WrittenMemory);
            }

            if (isOver)
            {
                if (isTold) CompleteStage();
            }
            else if (!HasBeenPulled(settled) && connection.HasRoomForAnswers)
            {
                Pull(settled);
            }
        }
    }
}
