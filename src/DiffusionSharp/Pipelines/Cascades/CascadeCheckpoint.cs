using DiffusionSharp.Noise;
using DiffusionSharp.Serialization;

namespace DiffusionSharp;

/// <summary>What a checkpoint holds of the cascade around the stage that it is of.</summary>
/// <param name="Request">The user's request.</param>
/// <param name="StageCount">Stages in all.</param>
/// <param name="Finished">The results of the stages before.</param>
internal sealed record CascadeCheckpoint(GenerationRequest Request, int StageCount, IReadOnlyList<FinishedStage> Finished)
{
    public static CascadeCheckpoint Of(CascadeState state, int stageCount) =>
        new(state.Request, stageCount, [.. state.Results.Select(FinishedStage.Of)]);

    public static CascadeCheckpoint Read(BinaryReader reader, GenerationRequestJson json)
    {
        GenerationRequest request = reader.ReadRequest(json);
        int count = reader.ReadInt32();
        var finished = new FinishedStage[reader.ReadInt32()];
        for (int i = 0; i < finished.Length; i++)
        {
            finished[i] = FinishedStage.Read(reader, json);
        }

        return new CascadeCheckpoint(request, count, finished);
    }

    public void Write(BinaryWriter writer, GenerationRequestJson json)
    {
        writer.WriteRequest(Request, json);
        writer.Write(StageCount);
        writer.Write(Finished.Count);
        foreach (FinishedStage stage in Finished)
        {
            stage.Write(writer, json);
        }
    }

    /// <summary>What the stage begins with, and the noise of the stage before it, as new.</summary>
    /// <exception cref="CheckpointException">The cascade has another number of stages.</exception>
    public (CascadeState State, GenerationNoise? Noise) Restore(IReadOnlyList<CascadeStage> stages)
    {
        if (StageCount != stages.Count)
        {
            throw new CheckpointException($"The checkpoint is of a cascade of {StageCount} stages, and this one has {stages.Count}.");
        }

        var state = new CascadeState(Request);
        GenerationNoise? noise = null;
        foreach ((CascadeStage stage, FinishedStage finished) in stages.Zip(Finished))
        {
            (ResolvedRequest resolved, noise) = stage.Begin(state, noise, finished.Request);
            state = state.With(finished.Result(resolved));
        }

        return (state, noise);
    }
}
