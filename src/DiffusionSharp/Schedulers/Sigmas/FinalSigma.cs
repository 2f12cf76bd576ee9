namespace DiffusionSharp.Schedulers;

/// <summary>The noise level that the last step goes to.</summary>
public enum FinalSigma
{
    /// <summary>No noise at all.</summary>
    Zero,

    /// <summary>The noise level of training timestep 0.</summary>
    SigmaMin,
}
