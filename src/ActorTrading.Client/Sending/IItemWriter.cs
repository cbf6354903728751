namespace ActorTrading.Client.Sending;

/// <summary>Writes items to one connection, in order.</summary>
internal interface IItemWriter<T>
{
    /// <summary>Writes an item.</summary>
    void Write(in T item);

    /// <summary>Writes buffered items: no more items follow for now.</summary>
    void Flush();
}
