namespace ActorTrading.Client.Sending;

/// <summary>Writes items to one connection, in their order.</summary>
internal interface IItemWriter<T>
{
    /// <summary>Writes an item.</summary>
    void Write(in T item);

    /// <summary>Writes what was held back: nothing more comes for the moment.</summary>
    void Flush();
}
