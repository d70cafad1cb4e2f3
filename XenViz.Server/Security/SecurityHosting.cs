namespace XenViz.Server.Security;

/// <summary>Headers that tell browsers what this site may do: everything comes from this host.</summary>
public static class SecurityHosting
{
    private static readonly HeaderPolicyCollection Policy = new HeaderPolicyCollection()
        .AddContentTypeOptionsNoSniff()
        .AddReferrerPolicyStrictOriginWhenCrossOrigin()
        .AddCrossOriginOpenerPolicy(opener => opener.SameOrigin())
        .AddCrossOriginResourcePolicy(resource => resource.SameOrigin())
        .RemoveServerHeader()
        .AddContentSecurityPolicy(content =>
        {
            content.AddDefaultSrc().Self();
            // The .NET runtime compiles its WebAssembly files.
            content.AddScriptSrc().Self().WasmUnsafeEval();
            // MudBlazor and the stage place things by style attributes.
            content.AddStyleSrc().Self().UnsafeInline();
            content.AddImgSrc().Self().Data().Blob();
            content.AddFontSrc().Self().Data();
            content.AddConnectSrc().Self();
            content.AddObjectSrc().None();
            content.AddBaseUri().Self();
            content.AddFormAction().Self();
            content.AddFrameAncestors().Self();
        });

    /// <summary>Adds the headers to every answer.</summary>
    public static void UseXenVizSecurityHeaders(this IApplicationBuilder app) => app.UseSecurityHeaders(Policy);
}
