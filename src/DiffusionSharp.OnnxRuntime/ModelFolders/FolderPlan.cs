namespace DiffusionSharp.OnnxRuntime.ModelFolders;

/// <summary>What is read of folders before their models are.</summary>
/// <param name="Models">The models that are to be loaded.</param>
/// <param name="Make">Makes what they are for, when they are loaded.</param>
internal sealed record FolderPlan<T>(IReadOnlyList<Loading> Models, Func<T> Make);
