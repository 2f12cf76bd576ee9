namespace DiffusionSharp.Diagnostics;

/// <summary>Which stage of which cascade a generation with one pipeline is.</summary>
internal sealed record CascadePlace(GenerationWatch Watch, int Stage, int StageCount)
{
    public bool IsLast => Stage == StageCount - 1;
}
