namespace DiffusionSharp.Conditions;

/// <summary>What guides a generation through ControlNets (Zhang et al. 2023, arXiv:2302.05543): edges, depth, a pose, for each net a picture.</summary>
/// <param name="Pictures">A picture for each ControlNet of the pipeline, in their order.</param>
public sealed record ControlPictures(params IReadOnlyList<ControlPicture> Pictures) : IRequestPart
{
    /// <summary>
    /// Whether the nets guide the conditional prediction alone, more strongly the deeper the residual, from 0.1 of the weight to all of it, so
    /// that a picture comes out well without a prompt, too: diffusers' <c>guess_mode</c>. False by default.
    /// </summary>
    public bool GuessMode { get; init; }

    string IRequestPart.Condition => ConditionNames.ControlPicture(0);

    /// <inheritdoc/>
    public IRequestPart Of(int picture) => this with { Pictures = [.. Pictures.Select(control => control with { Pixels = control.Pixels.RowOf(picture) })] };
}
