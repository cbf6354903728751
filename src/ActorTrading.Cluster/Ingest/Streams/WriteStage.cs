using System.Net.Sockets;
using ActorTrading.Engine;
using ActorTrading.Engine.Ingest;
using Akka.Streams;
using Akka.Streams.Stage;

namespace ActorTrading.Cluster.Ingest.Streams;

/// <summary>
/// Sink that writes answers to a client, one write at a time. The materialized task completes when writing has ended. It fails if a
/// stage failed or if the graph was stopped from outside.
/// </summary>
internal sealed class WriteStage(IngestConnection connection, Stream stream)
    : GraphStageWithMaterializedValue<SinkShape<ReadOnlyMemory<byte>>, Task>
{
    private readonly Inlet<ReadOnlyMemory<byte>> answers = new("write.in");

    public override SinkShape<ReadOnlyMemory<byte>> Shape => new(answers);

    public override ILogicAndMaterializedValue<Task> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var logic = new Logic(this, connection, stream);
        return new LogicAndMaterializedValue<Task>(logic, logic.Over);
    }

    private sealed class Logic : GraphStageLogic
    {
        private readonly Inlet<ReadOnlyMemory<byte>> answers;
        private readonly IngestConnection connection;
        private readonly Stream stream;
        private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Action<bool> onWritten;
        private Task writing = Task.CompletedTask;
        private bool isOver;
        private Exception? failure = new EngineStoppedException("The actor system of this node has ended.");

        public Logic(WriteStage stage, IngestConnection connection, Stream stream)
            : base(stage.Shape)
        {
            (answers, this.connection, this.stream) = (stage.answers, connection, stream);
            onWritten = GetAsyncCallback<bool>(OnWritten);
            SetHandler(
                answers, onPush: () => writing = WriteAsync(Grab(answers)), onUpstreamFinish: OnUpstreamFinish, onUpstreamFailure: Fail);
        }

        public Task Over => over.Task;

        public override void PreStart()
        {
            SetKeepGoing(true); // to finish the last write after the upstream has completed
            Pull(answers);
        }

        public override void PostStop() => _ = EndAsync();

        private async Task EndAsync()
        {
            await writing.ConfigureAwait(false);
            if (failure is null) over.SetResult();
            else over.SetException(failure);
        }

        /// <summary>Never throws.</summary>
        private async Task WriteAsync(ReadOnlyMemory<byte> bytes)
        {
            var isWritten = false;
            try
            {
                await connection.WriteAsync(stream, bytes).ConfigureAwait(false);
                isWritten = true;
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                connection.Drop(); // the client has disconnected
            }
            catch (Exception e)
            {
                connection.Fail(new IngestError(IngestError.Internal, e.Message));
                connection.Drop();
            }

            onWritten(isWritten);
        }

        private void OnWritten(bool isWritten)
        {
            if (isOver || !isWritten) Complete();
            else Pull(answers);
        }

        private void OnUpstreamFinish()
        {
            isOver = true;
            if (writing.IsCompleted) Complete();
        }

        private void Complete()
        {
            failure = null;
            CompleteStage();
        }

        private void Fail(Exception why)
        {
            failure = why;
            FailStage(why);
        }
    }
}
