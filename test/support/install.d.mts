export declare function installOnce(manifest: string, kind: string): string
