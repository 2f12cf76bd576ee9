namespace DiffusionSharp.Tests.Pipelines;

/// <summary>Keeps what it is told, on the thread that tells it.</summary>
internal sealed class ProgressList : IProgress<GenerationProgress>
{
    public List<GenerationProgress> Reports { get; } = [];

    public void Report(GenerationProgress value) => Reports.Add(value);
}
