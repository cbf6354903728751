using ActorTrading.Domain.Records;

namespace ActorTrading.Wire;

/// <summary>
/// Takes what a decoder of any format makes of its input, in the order of the input, one call per record.
/// Called on the decoder's thread; a record is passed by reference and must be copied if it is to be kept.
/// </summary>
public interface IRecordSink
{
    /// <summary>A well-formed record, not yet checked by the rules of admission.</summary>
    void OnRecord(in Record record);

    /// <summary>A piece of input that made no record.</summary>
    void OnRejected(in RejectedInput input);
}
