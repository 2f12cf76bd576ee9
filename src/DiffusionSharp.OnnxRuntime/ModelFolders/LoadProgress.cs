namespace DiffusionSharp.OnnxRuntime;

/// <summary>How far the loading of a model folder is. Reported from the threads that load, one report at a time.</summary>
/// <param name="Part">The part that something was just done for, as its folder is called: <c>unet</c>, <c>text_encoder</c>, <c>vae_decoder</c> or <c>vae_encoder</c>.</param>
/// <param name="Done">How much is done, from 1: each part counts once when it is loaded, and once more for every piece of work that has to be done for it before, as weights that are transformed.</param>
/// <param name="Count">How much there is.</param>
public readonly record struct LoadProgress(string Part, int Done, int Count);
