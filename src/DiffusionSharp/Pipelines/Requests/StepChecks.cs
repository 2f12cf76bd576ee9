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

    /// <summary>Throws where strength or range are out of range.</summary>
    public static void RequireWay(GenerationRequest request)
    {
        if (!(request.Strength is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(request.Strength), request.Strength, "Strength must be in [0, 1]: 0 keeps the picture, 1 redraws it.");
        }

        if (!(request.Range.Start >= 0 && request.Range.Start < request.Range.End && request.Range.End <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(request.Range), request.Range, "A range is a part of the way from 0 to 1: its start is below its end.");
        }

        if (request.Range.Start > 0 && request.InitialLatents is null)
        {
            throw new ArgumentException($"A generation that begins at {request.Range.Start} of the way goes on with what an earlier one has left: set {nameof(request.InitialLatents)}.", nameof(request.Range));
        }
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
