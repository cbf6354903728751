using Npgsql;

namespace ActorTrading.Engine.Journal.Postgres;

/// <summary>
/// Cancels a command on the server when a token is cancelled. <see cref="Dispose"/> waits for a cancel request that is being sent: the
/// connection goes back to the pool, and a late request would cancel the next command on it. The request is sent on its own thread, because
/// the server may not answer.
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
