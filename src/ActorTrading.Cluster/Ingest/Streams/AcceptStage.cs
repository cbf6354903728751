using System.Net.Sockets;
using Akka.Streams;
using Akka.Streams.Stage;

namespace ActorTrading.Cluster.Ingest.Streams;

/// <summary>Source of accepted clients of a listening socket, one per pull. The end of the stage closes the socket.</summary>
internal sealed class AcceptStage(Socket listening) : GraphStage<SourceShape<Socket>>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Outlet<Socket> clients = new("accept.out");

    public override SourceShape<Socket> Shape => new(clients);

    protected override GraphStageLogic CreateLogic(Attributes inheritedAttributes) => new Logic(this, listening);

    private sealed class Logic : TimerGraphStageLogic
    {
        private readonly Outlet<Socket> clients;
        private readonly Socket listening;
        private readonly CancellationTokenSource closing = new();
        private readonly Action onAccepted;
        private Socket? accepted;

        public Logic(AcceptStage stage, Socket listening)
            : base(stage.Shape)
        {
            (clients, this.listening) = (stage.clients, listening);
            onAccepted = GetAsyncCallback(OnAccepted);
            SetHandler(clients, onPull: () => _ = AcceptAsync());
        }

        public override void PostStop()
        {
            closing.Cancel();
            listening.Dispose();
            Interlocked.Exchange(ref accepted, null)?.Dispose();
        }

        protected override void OnTimer(object timerKey) => _ = AcceptAsync();

        /// <summary>Never throws.</summary>
        private async Task AcceptAsync()
        {
            try
            {
                Volatile.Write(ref accepted, await listening.AcceptAsync(closing.Token).ConfigureAwait(false));
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The stage is closing, the client has disconnected, or no file handles are left. The last passes when other
                // connections close.
            }

            if (closing.IsCancellationRequested) Interlocked.Exchange(ref accepted, null)?.Dispose();
            else onAccepted();
        }

        private void OnAccepted()
        {
            if (Interlocked.Exchange(ref accepted, null) is { } client) Push(clients, client);
            else ScheduleOnce(nameof(AcceptStage), Pause);
        }
    }
}
