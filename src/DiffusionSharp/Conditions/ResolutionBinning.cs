namespace DiffusionSharp.Conditions;

/// <summary>
/// Whether a picture is diffused at the nearest of the shapes that the model was trained at, and then brought to the request's size, by models that have such
/// shapes (<see cref="Latents.AspectRatioSpace"/>). Without this part it is.
/// </summary>
/// <param name="IsOn">False to diffuse at the request's own size.</param>
public sealed record ResolutionBinning(bool IsOn) : IRequestPart;
