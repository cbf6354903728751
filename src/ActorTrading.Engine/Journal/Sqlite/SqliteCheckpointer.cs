namespace ActorTrading.Engine.Journal.Sqlite;

/// <summary>
/// Copies the write-ahead log into the database on its own thread, so that no commit waits for it. The log can start again from its
/// beginning only when all of it is copied and nothing is added; so the last small part is copied while the writer is held.
/// </summary>
internal sealed class SqliteCheckpointer : IDisposable
{
    private const int LittlePages = 1024; // 4 MiB: the writer is held for a few milliseconds
    private const int Passes = 4;         // each pass leaves the pages written meanwhile, fewer each time

    private readonly SqliteDatabase database;
    private readonly Lock writing;
    private readonly int threshold;
    private readonly SemaphoreSlim wanted = new(0);
    private readonly Thread thread;
    private volatile bool stopping;
    private volatile JournalException? failure;
    private int pages;
    private int isWanted;

    public SqliteCheckpointer(SqliteDatabase database, Lock writing, int threshold)
    {
        this.database = database;
        this.writing = writing;
        this.threshold = threshold;
        thread = new Thread(Work) { IsBackground = true, Name = "journal checkpoint" };
        thread.Start();
    }

    /// <summary>Why the last checkpoint failed; null if it succeeded. Commits continue, but the log grows.</summary>
    public JournalException? Failure => failure;

    /// <summary>Notes pages that were added to the log. Called by the writer, which holds the lock.</summary>
    public void OnWritten(int count)
    {
        pages += count;
        if (pages < threshold) return;
        pages = 0;
        if (Interlocked.Exchange(ref isWanted, 1) == 0) wanted.Release();
    }

    private void Work()
    {
        while (true)
        {
            wanted.Wait();
            if (stopping) return;
            Volatile.Write(ref isWanted, 0);
            try
            {
                int pass = 0;
                while (database.Checkpoint() > LittlePages && ++pass < Passes && !stopping) { }
                lock (writing)
                {
                    database.Checkpoint();
                }
                failure = null;
            }
            catch (JournalException e)
            {
                failure = e;
            }
        }
    }

    public void Dispose()
    {
        stopping = true;
        wanted.Release();
        thread.Join();
        wanted.Dispose();
        database.Dispose();
    }
}
