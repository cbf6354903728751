using System.Net.Sockets;
using ActorTrading.Engine.Ingest;
using Akka.Streams;
using Akka.Streams.Stage;

namespace ActorTrading.Cluster.Ingest.Streams;

/// <summary>
/// Source of bytes from a client, encrypted or not. One read at a time, and only on a pull: back-pressure from downstream stages
/// reaches the client. The materialized task completes when reading has ended.
/// </summary>
internal sealed class ReadStage(IngestConnection connection, Stream stream) : GraphStageWithMaterializedValue<SourceShape<Chunk>, Task>
{
    private readonly Outlet<Chunk> chunks = new("read.out");

    public override SourceShape<Chunk> Shape => new(chunks);

    public override ILogicAndMaterializedValue<Task> CreateLogicAndMaterializedValue(Attributes inheritedAttributes)
    {
        var logic = new Logic(this, connection, stream);
        return new LogicAndMaterializedValue<Task>(logic, logic.Over);
    }

    private sealed class Logic : GraphStageLogic
    {
        private readonly Outlet<Chunk> chunks;
        private readonly IngestConnection connection;
        private readonly ConnectionReader reader;
        private readonly CancellationTokenSource stopping;
        private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Action<Chunk?> onRead;
        private Task reading = Task.CompletedTask;
        private volatile bool isStopped;

        public Logic(ReadStage stage, IngestConnection connection, Stream stream)
            : base(stage.Shape)
        {
            (chunks, this.connection) = (stage.chunks, connection);
            reader = connection.NewReader(stream);
            stopping = CancellationTokenSource.CreateLinkedTokenSource(connection.Reading);
            onRead = GetAsyncCallback<Chunk?>(OnRead);
            SetHandler(chunks, onPull: () => reading = ReadAsync());
        }

        public Task Over => over.Task;

        public override void PostStop()
        {
            isStopped = true;
            stopping.Cancel();
            _ = EndAsync();
        }

        private async Task EndAsync()
        {
            await reading.ConfigureAwait(false);
            connection.GotBytes(0);
            reader.Release();
            stopping.Dispose();
            over.SetResult();
        }

        /// <summary>Never throws.</summary>
        private async Task ReadAsync()
        {
            Chunk? chunk = null;
            try
            {
                connection.WaitForBytes();
                var bytes = await reader.ReadAsync(stopping.Token).ConfigureAwait(false);
                connection.GotBytes(bytes.Length);
                chunk = new Chunk(bytes, reader.HasMore);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The client has disconnected, or the connection is being closed with a reason.
            }
            catch (Exception e)
            {
                connection.Fail(new IngestError(IngestError.Internal, e.Message));
            }

            if (!isStopped) onRead(chunk);
        }

        private void OnRead(Chunk? chunk)
        {
            if (chunk is { } some) Push(chunks, some);
            if (chunk is not { IsEnd: false }) CompleteStage();
        }
    }
}
