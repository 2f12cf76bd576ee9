namespace DiffusionSharp;

/// <summary>The progress of one stage as part of a cascade's.</summary>
internal sealed class StageProgress(IProgress<GenerationProgress> progress, int stage, int count) : IProgress<GenerationProgress>
{
    public void Report(GenerationProgress value) => progress.Report(value with { Stage = stage, StageCount = count });
}
