using Npgsql;

namespace ActorTrading.Engine.Journal.Postgres;

/// <summary>
/// Asks the server to cancel a command once a token is cancelled, until it is disposed of. <see cref="Dispose"/> waits for a
/// request that is on its way: the connection goes back to the pool, and a late request would cancel the next command there.
/// The request is sent on a thread of its own, because the server may not answer.
/// </summary>
internal sealed class CommandCancellation : IDisposable
{
    private readonly Lock sending = new();
    private readonly NpgsqlCommand command;
    private readonly CancellationTokenRegistration registration;
    private bool isOver;

    public CommandCancellation(NpgsqlCommand command, CancellationToken cancellation)
    {
        this.command = command;
        registration = cancellation.UnsafeRegister(static self => Task.Run(((CommandCancellation)self!).Send), this);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        registration.Dispose();
        lock (sending) isOver = true;
    }

    private void Send()
    {
        lock (sending)
        {
            if (!isOver) command.Cancel();
        }
    }
}
