namespace DiffusionSharp;

/// <summary>Checks how a request lays out its steps, as far as that does not depend on the scheduler.</summary>
internal static class StepChecks
{
    /// <summary>The number of steps of a request.</summary>
    public static int RequireSteps(GenerationRequest request, GenerationDefaults defaults)
    {
        if (request.Timesteps is not null && request.Sigmas is not null)
        {
            throw new ArgumentException($"{nameof(request.Timesteps)} and {nameof(request.Sigmas)} both say where the steps are: set one of them.", nameof(request.Sigmas));
        }

        if (request.Mu is { } mu && !double.IsFinite(mu))
        {
            throw new ArgumentOutOfRangeException(nameof(request.Mu), mu, "The shift μ must be a finite number.");
        }

        (int steps, string name) = request switch
        {
            { Timesteps: { } timesteps } => (timesteps.Count, nameof(request.Timesteps)),
            { Sigmas: { } sigmas } => (sigmas.Count, nameof(request.Sigmas)),
            _ => (request.Steps ?? defaults.Steps, nameof(request.Steps)),
        };
        if (steps < 1)
        {
            throw new ArgumentOutOfRangeException(name, steps, "The number of steps must be at least 1.");
        }

        RequireFalling(request.Sigmas ?? []);
        return steps;
    }

    private static void RequireFalling(IReadOnlyList<double> sigmas)
    {
        for (int i = 0; i < sigmas.Count; i++)
        {
            if (!(sigmas[i] >= 0) || double.IsInfinity(sigmas[i]) || (i > 0 && sigmas[i] >= sigmas[i - 1]))
            {
                throw new ArgumentException($"Noise levels must be finite, at least 0 and fall strictly, but number {i} is {sigmas[i]}.", nameof(GenerationRequest.Sigmas));
            }
        }
    }
}
