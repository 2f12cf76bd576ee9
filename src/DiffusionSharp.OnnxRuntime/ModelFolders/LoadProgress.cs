namespace DiffusionSharp.OnnxRuntime;

/// <summary>How far the loading of a model folder is. Reported from the threads that load, one report at a time.</summary>
/// <param name="Part">The part that has just been loaded, as its folder is called: <c>unet</c>, <c>text_encoder</c>, <c>vae_decoder</c> or <c>vae_encoder</c>.</param>
/// <param name="Done">How many parts are loaded, from 1.</param>
/// <param name="Count">How many there are.</param>
public readonly record struct LoadProgress(string Part, int Done, int Count);
