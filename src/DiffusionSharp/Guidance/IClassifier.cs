namespace DiffusionSharp.Guidance;

/// <summary>A classifier of noisy samples, which says which way a sample becomes a better one of what is asked for. Immutable and safe for concurrent generations.</summary>
public interface IClassifier
{
    /// <summary>Prepares the gradients of one generation.</summary>
    /// <param name="plan">Shape of the sample, and the request, which has the class.</param>
    /// <returns>The run of one generation; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The request has no class, or one that the classifier does not know.</exception>
    IClassifierRun Start(GuidancePlan plan);
}
